/** English texts of the islands; a test holds the keys and placeholders equal to zh.ts. */
import type { Key } from './index';

export const en: Record<Key, string> = {
  'island.failed': 'This part could not be loaded. Please reload the page.',

  'http.offline': 'The server cannot be reached. Check the network and try again.',
  'http.timeout': 'The server took too long to answer. Please try again.',
  'http.failed': 'That did not work. Please try again later.',

  'status.close': 'Dismiss',

  'form.loading': 'Loading the form…',
  'form.submit': 'Submit',
  'form.submitting': 'Submitting…',
  'form.retry': 'Try again',
  'form.back': 'Back',
  'form.summary': 'To correct: {count}',
  'form.entry': '{label}: {message}',
  'form.conflict': 'Someone else has completed this task. What you entered was not submitted.',
  'form.kept': 'Not submitted; what you entered is still on this page. {reason}',
  'form.draft.saving': 'Saving the draft…',
  'form.draft.saved': 'Draft saved {time}',
  'form.draft.failed': 'The draft is not saved yet; it will be once the network is back.',
  'form.draft.refused': 'The draft cannot be saved: {reason}',

  'duration.days': '{count} d',
  'duration.hours': '{count} h',
  'duration.minutes': '{count} min',
  'duration.moment': 'less than 1 min',

  'diagram.failed': 'The diagram cannot be shown. The list has every step.',
  'diagram.label': 'Diagram: {done} steps done, now at {now}. The list of steps has the details.',
  'diagram.label.idle':
    'Diagram: {done} steps done, none in progress. The list of steps has the details.',
  'diagram.and': ', ',
  'diagram.done': 'Done',
  'diagram.active': 'In progress',
  'diagram.overdue': 'Overdue',
  'diagram.cancelled': 'Cancelled',
  'diagram.times': '{count}×',
  'diagram.entered': 'Entered {count} times',
  'diagram.controls': 'Zoom and move the diagram',
  'diagram.fit': 'Show everything',
  'diagram.current': 'Go to the current step',
  'diagram.in': 'Zoom in',
  'diagram.out': 'Zoom out',
  'diagram.left': 'Look left',
  'diagram.right': 'Look right',
  'diagram.up': 'Look up',
  'diagram.down': 'Look down',
  'diagram.full': 'Full screen',
};
