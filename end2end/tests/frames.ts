// Listens to a page's live socket as the page does, and says where a line was left out.
import type { Page, WebSocket } from '@playwright/test';

interface Frame {
  frame: 'welcome' | 'event' | 'beat' | 'resync' | 'bye';
  seq: number;
  prev?: number;
}

/** The frames that a page was sent, over all its sockets. Make it before the page is opened. */
export class Frames {
  readonly events: number[] = [];
  sockets = 0;
  resyncs = 0;
  private readonly gaps: string[] = [];
  private asked: number | undefined;
  private position = 0;

  constructor(page: Page) {
    page.on('websocket', (socket) => this.over(socket));
  }

  private over(socket: WebSocket): void {
    this.sockets += 1;
    socket.on('framesent', ({ payload }) => {
      this.asked = JSON.parse(String(payload)).last_seq;
    });
    socket.on('framereceived', ({ payload }) => this.take(JSON.parse(String(payload))));
  }

  private take(frame: Frame): void {
    if (frame.frame === 'welcome') {
      // The stream goes on from where the page said it was, never from further on.
      if (this.asked !== undefined && frame.seq > this.asked) this.gaps.push(`asked from ${this.asked}, welcomed at ${frame.seq}`);
      this.position = frame.seq;
    } else if (frame.frame === 'resync') {
      this.resyncs += 1;
      this.position = frame.seq;
    } else if (frame.frame === 'event' || frame.frame === 'beat') {
      if (frame.prev !== this.position) this.gaps.push(`${frame.frame} ${frame.seq} follows ${frame.prev}, the page is at ${this.position}`);
      if (frame.frame === 'event') this.events.push(frame.seq);
      this.position = Math.max(this.position, frame.seq);
    }
  }

  /** Where the stream is now. */
  get seq(): number {
    return this.position;
  }

  /** Every place where something was left out. */
  get missing(): string[] {
    return this.gaps;
  }
}
