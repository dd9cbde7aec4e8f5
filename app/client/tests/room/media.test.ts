import { afterEach, describe, expect, it, vi } from 'vitest';
import { openMedia } from '../../src/room/media';

class FakeStream {}
const STREAM = new FakeStream();

function devices(...answers: (string | 'ok')[]) {
  const asked: MediaStreamConstraints[] = [];
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getUserMedia: async (wish: MediaStreamConstraints) => {
        asked.push(wish);
        const answer = answers.shift() ?? 'NotFoundError';
        if (answer === 'ok') return STREAM;
        throw new DOMException('', answer);
      },
    },
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

describe('camera and microphone', () => {
  it('are both asked for', async () => {
    const asked = devices('ok');
    expect(await openMedia()).toEqual({ stream: STREAM, problem: undefined });
    expect(asked).toHaveLength(1);
  });

  it('without a camera one is still heard, and told why not seen', async () => {
    devices('NotFoundError', 'ok');
    expect(await openMedia()).toEqual({ stream: STREAM, problem: 'room.media.missing' });
  });

  it('denied once they are not asked for again', async () => {
    const asked = devices('NotAllowedError', 'ok');
    expect((await openMedia()).problem).toBe('room.media.denied');
    expect(asked).toHaveLength(1);
  });

  it('in use elsewhere are named as such', async () => {
    devices('NotReadableError', 'NotReadableError', 'NotReadableError');
    const { problem, stream } = await openMedia();
    expect(problem).toBe('room.media.busy');
    expect(stream).toBeInstanceOf(FakeStream);
  });

  it('are hidden by browsers from pages without encryption', async () => {
    vi.stubGlobal('MediaStream', FakeStream);
    vi.stubGlobal('navigator', {});
    expect((await openMedia()).problem).toBe('room.media.insecure');
  });
});
