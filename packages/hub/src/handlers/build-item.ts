import type { BUILD_SYSTEMS } from '@bulwark/api';
import type { Severity } from '@bulwark/core';
import type { BuildRecord } from '@bulwark/store';
import { countsOf, iso } from './convert.ts';

/** A build record as the API gives it. */
export function buildItem({ counts, at, received, ...record }: BuildRecord) {
  const { id, repository, commit, ref, run, author, verdict, controls, objects, images } = record;
  return {
    id,
    repository,
    commit,
    ref,
    run,
    author,
    system: record.system as (typeof BUILD_SYSTEMS)[number],
    verdict,
    failOn: record.failOn as Severity | 'never',
    controls,
    findings: countsOf(counts),
    at: iso(at),
    received: iso(received),
    objects,
    images,
  };
}
