// A PostgreSQL database for a test: in the cluster that `cargo xtask test` started, or in one of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { freePort } from './server.ts';

const script = join(resolve(import.meta.dirname, '../..'), 'xtask/src/test/postgres.sh');

export class Postgres {
  private constructor(private readonly base: string, private readonly keeper?: ChildProcess) {}

  static async start(): Promise<Postgres> {
    const given = process.env.TEST_POSTGRES_URL;
    if (given) return new Postgres(given.replace(/\/$/, ''));
    const port = String(await freePort());
    // PostgreSQL refuses to run as root; the script is read from standard input because that user may not see it.
    const line = `bash -c "$(cat '${script}')" postgres ${port}`;
    const asPostgres = ['-c', `exec runuser -u postgres -- ${line}`];
    const asMyself = ['-c', `exec ${line}`];
    const options = { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/tmp' } as const;
    const keeper = spawn('bash', process.getuid?.() === 0 ? asPostgres : asMyself, options);
    await new Promise((done, fail) => {
      keeper.stdout.once('data', done);
      keeper.once('exit', () => fail(new Error('PostgreSQL did not start')));
    });
    return new Postgres(`postgres://storeroom@127.0.0.1:${port}`, keeper);
  }

  /** The address of a new, empty database. */
  database(): string {
    const name = `e2e_${randomUUID().replaceAll('-', '')}`;
    execFileSync('psql', ['--quiet', '--command', `create database ${name}`, `${this.base}/postgres`]);
    return `${this.base}/${name}`;
  }

  stop(): void {
    this.keeper?.stdin?.end();
  }
}
