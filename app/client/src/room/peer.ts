/**
 * The direct connection to one other person: audio and video between two browsers (S0-29).
 *
 * "Perfect negotiation" of the WebRTC specification: once the call stands, both sides may offer at
 * any time; when both do at once, the polite one gives way.
 */
import type { IceCandidate } from '../protocol';

export type LinkState = 'connecting' | 'connected' | 'interrupted';

export interface Signals {
  offer(sdp: string): void;
  answer(sdp: string): void;
  candidate(candidate: IceCandidate | null): void;
}

export class Peer {
  private readonly connection: RTCPeerConnection;
  private isOffering = false;
  private ignoresOffer = false;

  constructor(
    private readonly isPolite: boolean,
    iceServers: RTCIceServer[],
    local: MediaStream,
    private readonly signals: Signals,
    private readonly hears: { stream(stream: MediaStream): void; state(state: LinkState): void },
  ) {
    this.connection = new RTCPeerConnection({ iceServers });
    this.connection.onnegotiationneeded = () => this.onNegotiationNeeded();
    this.connection.onicecandidate = ({ candidate }) =>
      signals.candidate(candidate?.toJSON() ?? null);
    this.connection.ontrack = ({ streams: [stream] }) => stream && hears.stream(stream);
    this.connection.onconnectionstatechange = () => this.onState();
    for (const track of local.getTracks()) this.connection.addTrack(track, local);
    if (isPolite) return;
    // Whoever calls asks for picture and sound even without sending any.
    const sent = new Set(local.getTracks().map(({ kind }) => kind));
    for (const kind of ['audio', 'video'])
      if (!sent.has(kind)) this.connection.addTransceiver(kind, { direction: 'recvonly' });
  }

  /** What the other side offers or answers. */
  async describe(type: 'offer' | 'answer', sdp: string): Promise<void> {
    const collides =
      type === 'offer' && (this.isOffering || this.connection.signalingState !== 'stable');
    this.ignoresOffer = !this.isPolite && collides;
    if (this.ignoresOffer) return;
    await this.connection.setRemoteDescription({ type, sdp });
    if (type === 'answer') return;
    await this.connection.setLocalDescription();
    this.tell();
  }

  /** A way to reach the other side. */
  async reachBy(candidate: IceCandidate | null): Promise<void> {
    if (this.ignoresOffer) return;
    try {
      await this.connection.addIceCandidate(candidate ?? undefined);
    } catch {
      // It belonged to an offer that was given up meanwhile. Were it needed, the state would tell.
    }
  }

  close(): void {
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  private onNegotiationNeeded(): void {
    // The first offer is the impolite one's: Chromium that gives up a first offer of its own at
    // times gathers no candidates afterwards, and the call never connects (seen in 156).
    if (this.isPolite && !this.connection.remoteDescription) return;
    this.offer().catch(reportError);
  }

  private async offer(): Promise<void> {
    try {
      this.isOffering = true;
      await this.connection.setLocalDescription();
      this.tell();
    } finally {
      this.isOffering = false;
    }
  }

  private tell(): void {
    const description = this.connection.localDescription;
    if (description?.type === 'offer') this.signals.offer(description.sdp);
    if (description?.type === 'answer') this.signals.answer(description.sdp);
  }

  private onState(): void {
    const state = this.connection.connectionState;
    if (state === 'failed') this.connection.restartIce();
    if (state === 'connected') this.hears.state('connected');
    else if (state === 'disconnected' || state === 'failed') this.hears.state('interrupted');
  }
}
