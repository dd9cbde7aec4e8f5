/** English texts of the islands; a test holds the keys and placeholders equal to zh.ts. */
import type { Key } from './index';

export const en: Record<Key, string> = {
  'island.failed': 'This part could not be loaded. Please reload the page.',

  'http.offline': 'The server cannot be reached. Check the network and try again.',
  'http.timeout': 'The server took too long to answer. Please try again.',
  'http.failed': 'That did not work. Please try again later.',

  'status.close': 'Dismiss',
};
