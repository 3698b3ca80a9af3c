import type { RequestContext } from '../http/handler.ts';

/**
 * Sends a file in pieces, as fast as it is taken. The first piece is made before anything is sent, so that a wrong request is
 * refused as one; where a later one fails, the connection is cut, so that nobody takes a part for the whole.
 */
export async function streamFile(
  { reply }: Pick<RequestContext, 'reply'>,
  { name, type }: { readonly name: string; readonly type: string },
  pieces: AsyncGenerator<string>,
): Promise<void> {
  let piece = await pieces.next();
  reply.hijack();
  const { raw } = reply;
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  raw.writeHead(200, {
    ...headers,
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  });
  try {
    for (; piece.done !== true && !raw.destroyed; piece = await pieces.next())
      if (!raw.write(piece.value))
        await new Promise<void>((resolve) => raw.once('drain', resolve).once('close', resolve));
    raw.end();
  } catch (cause) {
    raw.destroy();
    throw cause;
  }
}
