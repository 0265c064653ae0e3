// The network between a browser and the server, where a test can cut it: the browser is given this address instead.
import { type Server as Listener, type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export class Line {
  private readonly open = new Set<Socket>();
  private state: 'whole' | 'cut' | 'silent' = 'whole';
  /** What a browser's request says whose answer breaks the line. */
  private last: string | null = null;

  private constructor(private readonly listener: Listener, readonly url: string) {}

  /** A line to that port. */
  static async to(port: number): Promise<Line> {
    const listener = createServer();
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    const line = new Line(listener, `http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    listener.on('connection', (browser) => line.join(browser, port));
    return line;
  }

  private join(browser: Socket, port: number): void {
    browser.on('error', () => browser.destroy());
    if (this.state === 'cut') {
      browser.resetAndDestroy();
      return;
    }
    const server = connect(port, '127.0.0.1');
    let asked = false;
    for (const [one, other] of [[browser, server], [server, browser]]) {
      this.open.add(one);
      one.on('data', (bytes) => {
        if (one === browser && this.last !== null && bytes.includes(this.last)) asked = true;
        if (asked && one === server) this.cut();
        // A silent line swallows what is said on it, as one to a sleeping machine does.
        else if (this.state !== 'silent') other.write(bytes);
      });
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
    }
  }

  /** Breaks every connection, and each new one at once. */
  cut(): void {
    this.state = 'cut';
    for (const socket of this.open) socket.resetAndDestroy();
  }

  /** Connections stay, and nothing comes through. */
  hush(): void {
    this.state = 'silent';
  }

  /** The request that says this reaches the server, and the first word of its answer breaks every connection. */
  breakOnAnswer(request: string): void {
    this.last = request;
  }

  /** What is connected from now on works. */
  mend(): void {
    this.state = 'whole';
    this.last = null;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((done) => this.listener.close(done));
  }
}
