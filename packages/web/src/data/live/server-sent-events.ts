/** An event, by its name where it has one. */
export interface ServerSentEvent {
  readonly name: string | undefined;
  readonly data: string;
}

/**
 * Reads a stream of server-sent events (HTML Living Standard 9.2.6) as far as the hub writes them: lines end with a line feed.
 *
 * @param told called with each event, and with undefined for whatever else shows that the stream is alive.
 * @throws whatever reading the body throws.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  told: (event: ServerSentEvent | undefined) => void,
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
      const lines = block.split('\n');
      const data = valuesOf('data:', lines);
      if (data.length > 0) told({ name: valuesOf('event:', lines).at(-1), data: data.join('\n') });
    }
  }
}

function valuesOf(field: string, lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith(field)).map((line) => line.slice(field.length).trimStart());
}
