/** Below this, the cost of a write outweighs its content; far above it, chunks would no longer be small. */
const CHUNK_LENGTH = 65_536;

/** Joins lines into chunks of about 64 Ki characters. */
export function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
