import type { Writable } from 'node:stream';
import type { RequestContext } from '../http/handler.ts';
import { beginRaw, gzipInto, takesGzip } from '../http/raw-answer.ts';

/**
 * Sends a file in pieces, as fast as it is taken, compressed for who accepts that. The first piece is made before anything is
 * sent, so that a wrong request is refused as one; where a later one fails, the connection is cut, so that nobody takes a part for
 * the whole. Who asks for the headers alone (HEAD) has nothing else made.
 */
export async function streamFile(
  { request, reply }: Pick<RequestContext, 'request' | 'reply'>,
  { name, type }: { readonly name: string; readonly type: string },
  pieces: AsyncGenerator<string>,
): Promise<void> {
  let piece = await pieces.next();
  const isCompressed = takesGzip(request);
  const raw = beginRaw(reply, {
    vary: 'accept-encoding',
    ...(isCompressed && { 'content-encoding': 'gzip' }),
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
  });
  if (request.method === 'HEAD') {
    await pieces.return(undefined);
    raw.end();
    return;
  }
  const body = isCompressed ? gzipInto(raw) : raw;
  try {
    for (; piece.done !== true && !raw.destroyed; piece = await pieces.next())
      if (!body.write(piece.value)) await room(body);
    body.end();
  } catch (cause) {
    raw.destroy();
    throw cause;
  }
}

/** Waits until more can be sent, or nobody takes it any more. */
function room(body: Writable): Promise<void> {
  return new Promise((resolve) => {
    // Both go at once: a file has many pieces.
    const go = (): void => {
      body.off('drain', go).off('close', go);
      resolve();
    };
    body.on('drain', go).on('close', go);
  });
}
