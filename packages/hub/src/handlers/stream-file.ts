import type { FastifyReply } from 'fastify';
import type { RequestContext } from '../http/handler.ts';
import { beginRaw } from '../http/raw-answer.ts';

/**
 * Sends a file in pieces, as fast as it is taken. The first piece is made before anything is sent, so that a wrong request is
 * refused as one; where a later one fails, the connection is cut, so that nobody takes a part for the whole. Who asks for the
 * headers alone (HEAD) has nothing else made.
 */
export async function streamFile(
  { request, reply }: Pick<RequestContext, 'request' | 'reply'>,
  { name, type }: { readonly name: string; readonly type: string },
  pieces: AsyncGenerator<string>,
): Promise<void> {
  let piece = await pieces.next();
  const raw = beginRaw(reply, {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
  });
  if (request.method === 'HEAD') {
    await pieces.return(undefined);
    raw.end();
    return;
  }
  try {
    for (; piece.done !== true && !raw.destroyed; piece = await pieces.next())
      if (!raw.write(piece.value)) await room(raw);
    raw.end();
  } catch (cause) {
    raw.destroy();
    throw cause;
  }
}

/** Waits until more can be sent, or nobody takes it any more. */
function room(raw: FastifyReply['raw']): Promise<void> {
  return new Promise((resolve) => {
    // Both go at once: a file has many pieces.
    const go = (): void => {
      raw.off('drain', go).off('close', go);
      resolve();
    };
    raw.on('drain', go).on('close', go);
  });
}
