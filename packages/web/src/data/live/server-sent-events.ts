/**
 * Reads a stream of server-sent events (HTML Living Standard 9.2.6) as far as the hub writes them: lines end with a line feed.
 *
 * @param told called with the data of each event, and with undefined for whatever else shows that the stream is alive.
 * @throws whatever reading the body throws.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  told: (data: string | undefined) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    told(undefined);
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length).trimStart());
      if (data.length > 0) told(data.join('\n'));
    }
  }
}
