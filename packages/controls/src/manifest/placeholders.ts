import { canonicalJson, type Json } from '@bulwark/core';

/** Text that Flux, envsubst, OpenShift templates or template engines replace before the object reaches a cluster. */
const PLACEHOLDER = /\$\{|\{\{|<%/;

/** Whether some text in a value is filled in by another tool later, so that its form says nothing yet. */
export function hasPlaceholder(value: Json | undefined): boolean {
  return PLACEHOLDER.test(typeof value === 'string' ? value : canonicalJson(value));
}
