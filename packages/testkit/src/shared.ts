import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * A path in the folder `shared` beside the checkout, which holds third-party conformance data; undefined when it is
 * not there, and then the test that needs it says so and skips.
 */
export function sharedPath(...parts: readonly string[]): string | undefined {
  const path = join(REPOSITORY, '..', 'shared', ...parts);
  return existsSync(path) ? path : undefined;
}
