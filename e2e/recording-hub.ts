import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a hub was told of a build. */
export interface Told {
  readonly authorization: string | undefined;
  readonly record: {
    readonly repository: string;
    readonly commit: string;
    readonly verdict: string;
    readonly images: readonly { readonly name: string; readonly made: boolean }[];
  };
}

/** The part of a hub that takes build records, and keeps what it is told. */
export interface RecordingHub {
  readonly url: string;
  readonly told: Told[];
  readonly close: () => void;
}

export async function startRecordingHub(): Promise<RecordingHub> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const record = JSON.parse(Buffer.concat(parts).toString('utf8')) as Told['record'];
      told.push({ authorization: request.headers.authorization, record });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: told.length, created: true, objects: 1 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    told,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
