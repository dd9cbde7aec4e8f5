/** What waits at each element of a process; pure, knows nothing of drawing. */
import type { State } from '../diagram/states';

/** One element as the server tells it; `median_s` and `p90_s` in seconds. */
export interface Seat {
  id: string;
  name: string;
  count: number;
  overdue: number;
  median_s: number;
  p90_s: number;
  suspended: number;
  skipped: number;
  failing: number;
  url: string;
}

export interface Picture {
  xml: string;
  elements: Seat[];
}

/** Late or failing is red, waiting is blue, and where nothing is but a skipped step it is grey. */
export function stateOf(seat: Seat): State {
  if (seat.overdue || seat.failing) return 'overdue';
  return seat.count ? 'active' : 'cancelled';
}

export function totals(seats: readonly Seat[]): Pick<Seat, 'count' | 'overdue' | 'skipped'> {
  const sum = (of: (seat: Seat) => number) => seats.reduce((total, seat) => total + of(seat), 0);
  return {
    count: sum((seat) => seat.count),
    overdue: sum((seat) => seat.overdue),
    skipped: sum((seat) => seat.skipped),
  };
}
