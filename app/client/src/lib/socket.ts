/** The page's one connection to the server, shared by its islands; opened by the first of them. */
import { io, type Socket } from 'socket.io-client';
import { type Answers, type Incoming, type Outgoing, parse } from '../protocol';
import { t } from './i18n';

/** The server refused, or (`offline`, `timeout`) did not answer. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Line {
  readonly isOpen: boolean;
  /** Ask and wait for the answer. Throws Refused; nothing is kept for later. */
  send<E extends keyof Outgoing>(event: E, message: Outgoing[E]): Promise<Answers[E]>;
  /** Send what may be lost. */
  mention<E extends keyof Outgoing>(event: E, message: Outgoing[E]): void;
  /** `open(true)` on every (re)connection, `open(false)` when it breaks. Gives how to stop. */
  listen(hears: {
    message: (message: Incoming) => void;
    open: (isOpen: boolean) => void;
  }): () => void;
  /** Let go; the connection closes with its last user. */
  release(): void;
}

const ANSWER_MS = 10_000;

let shared: Socket | undefined;
let users = 0;

/** The page's line; call `release` when done with it. */
export function openLine(): Line {
  shared ??= io({ transports: ['websocket'], reconnectionDelayMax: 5000 });
  users += 1;
  const socket = shared;
  let isReleased = false;
  return {
    get isOpen() {
      return socket.connected;
    },
    send: (event, message) => send(socket, event, message),
    mention: (event, message) => {
      if (socket.connected) socket.volatile.emit(event, message);
    },
    listen: (hears) => listen(socket, hears),
    release: () => {
      if (isReleased) return;
      isReleased = true;
      users -= 1;
      if (users > 0) return;
      socket.disconnect();
      shared = undefined;
    },
  };
}

async function send<E extends keyof Outgoing>(
  socket: Socket,
  event: E,
  message: Outgoing[E],
): Promise<Answers[E]> {
  // socket.io would keep it and send it before the room is entered again.
  if (!socket.connected) throw new Refused('offline', t('http.offline'));
  let answer: { ok: boolean; code?: string; message?: string };
  try {
    answer = await socket.timeout(ANSWER_MS).emitWithAck(event, message);
  } catch {
    throw new Refused('timeout', t('http.timeout'));
  }
  if (!answer.ok) throw new Refused(answer.code ?? 'broken', answer.message ?? t('http.failed'));
  return answer as unknown as Answers[E];
}

function listen(socket: Socket, hears: Parameters<Line['listen']>[0]): () => void {
  const onAny = (_event: string, value: unknown) => {
    const message = parse(value);
    if (message) hears.message(message);
  };
  const onConnect = () => hears.open(true);
  const onDisconnect = () => hears.open(false);
  socket.onAny(onAny);
  socket.on('connect', onConnect);
  socket.on('disconnect', onDisconnect);
  if (socket.connected) onConnect();
  return () => {
    socket.offAny(onAny);
    socket.off('connect', onConnect);
    socket.off('disconnect', onDisconnect);
  };
}
