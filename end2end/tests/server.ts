// The program under test: a real process, with data of its own, on a port of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '../..');
const program = process.env.SERVER_BIN ?? join(project, 'target/debug/storeroom');

/** Where a store's data is: a folder, and a database's address when it is not SQLite. */
export interface Place {
  folder: string;
  database?: string;
}

/** A fresh folder; `forget` removes it. */
export function freshPlace(database?: string): Place {
  return { folder: mkdtempSync(join(tmpdir(), 'storeroom-e2e-')), database };
}

export function forget(place: Place): void {
  rmSync(place.folder, { recursive: true, force: true });
}

/** Runs a command of the program to its end and answers with what it printed. */
export function command(place: Place, args: string[], input = ''): string {
  const options = { env: environment(place), input, encoding: 'utf8', stdio: 'pipe' } as const;
  return execFileSync(program, [...args, '--data-dir', place.folder], options);
}

// A test that fails half-way leaves no server behind.
const serving = new Set<ChildProcess>();
process.on('exit', () => serving.forEach((child) => child.kill('SIGKILL')));

/** A serving process. */
export class Server {
  readonly url: string;
  private child: ChildProcess | undefined;
  private told = '';

  private constructor(readonly place: Place, readonly port: number, private readonly args: string[]) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts serving and returns when the server is ready. */
  static async start(place: Place, args: string[] = []): Promise<Server> {
    const server = new Server(place, await freePort(), args);
    await server.resume();
    return server;
  }

  /** Starts it (again), on the same port. */
  async resume(): Promise<void> {
    const args = ['serve', '--bind', `127.0.0.1:${this.port}`, '--data-dir', this.place.folder, ...this.args];
    const child = spawn(program, args, { env: environment(this.place), stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (text) => (this.told += text));
    child.stderr.on('data', (text) => (this.told += text));
    this.child = child;
    serving.add(child);
    child.once('exit', () => serving.delete(child));
    for (let tries = 0; tries < 400; tries += 1) {
      if (child.exitCode !== null) break;
      if (await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false)) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`the server did not become ready:\n${this.told}`);
  }

  /** Ends it and returns when it has ended: politely, or as a power cut would. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  /** What it printed so far. */
  get output(): string {
    return this.told;
  }
}

function environment(place: Place): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('STOREROOM_'));
  const database = place.database ? { STOREROOM_DATABASE_URL: place.database } : {};
  return { ...Object.fromEntries(inherited), STOREROOM_LOG: 'warn', ...database };
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? done(address.port) : fail(new Error('no port'))));
    });
  });
}
