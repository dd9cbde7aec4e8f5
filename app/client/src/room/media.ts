/** Camera and microphone of this device, as far as there are any and they may be used. */
import type { Key } from '../lib/i18n';

export interface Media {
  stream: MediaStream;
  /** Why something is missing, as a text to show; undefined when all is there. */
  problem: Key | undefined;
}

const VIDEO: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 } };
const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true };

/** Ask for both, then for one of them. Never throws: without a device one still reads and writes. */
export async function openMedia(): Promise<Media> {
  // Browsers hide devices from pages that came without encryption.
  if (!navigator.mediaDevices) return { stream: new MediaStream(), problem: 'room.media.insecure' };
  const wishes: MediaStreamConstraints[] = [
    { video: VIDEO, audio: AUDIO },
    { audio: AUDIO },
    { video: VIDEO },
  ];
  let problem: Key | undefined;
  for (const wish of wishes) {
    try {
      return { stream: await navigator.mediaDevices.getUserMedia(wish), problem };
    } catch (error) {
      problem ??= reason(error);
      if (problem === 'room.media.denied') break; // asking again would only annoy
    }
  }
  return { stream: new MediaStream(), problem };
}

function reason(error: unknown): Key {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'room.media.denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'room.media.missing';
    default:
      return 'room.media.busy';
  }
}
