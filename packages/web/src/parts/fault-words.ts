import type { HubError } from '@bulwark/api';

type Fault = NonNullable<HubError['problem']['errors']>[number];

/** One fault of what was asked, in words: what is wrong, where, and what was meant. */
export function inWords({ path, message, position, nearest }: Fault): string {
  return [
    path === 'q' ? '' : `${path}:`,
    message,
    position === undefined ? '' : `at character ${position + 1}.`,
    // Some say it themselves.
    nearest === undefined || message.includes(nearest) ? '' : `Did you mean ${nearest}?`,
  ]
    .filter(Boolean)
    .join(' ');
}
