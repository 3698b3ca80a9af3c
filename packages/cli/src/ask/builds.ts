import { counted } from '@bulwark/formats';
import { defineList } from './asked-list.ts';
import { COUNTS } from './inventory.ts';
import { ageOf, countsText, details, sourceOf, tailOf } from './words.ts';

/** `bulwark builds`: what `scan --record` has told the hub. */
export const builds = defineList({
  name: 'builds',
  plural: 'builds',
  none: 'No build is recorded; bulwark scan --record tells of one.',
  hasPages: true,
  route: 'listBuildRecords',
  entries: (item, { now }) => [
    {
      ...(item.verdict === 'passed'
        ? { label: 'PASSED', style: 'faint' as const }
        : { label: 'FAILED', style: 'high' as const }),
      whole: sourceOf(item),
      text: `(${details(item.ref, item.author, item.system === 'other' ? '' : item.system, `${ageOf(item.received, now)} ago`)})`,
      ...tailOf(countsText(item.findings)),
    },
    {
      text: details(
        counted(item.objects, 'object'),
        `${counted(item.images, 'image')} by digest`,
        `against ${counted(item.controls, 'control')}`,
        item.failOn === 'never' ? 'passes whatever it finds' : `fails from ${item.failOn} on`,
        item.run,
      ),
    },
  ],
  cells: {
    id: ({ id }) => id,
    verdict: ({ verdict }) => verdict,
    repository: ({ repository }) => repository,
    commit: ({ commit }) => commit,
    ref: ({ ref }) => ref,
    author: ({ author }) => author,
    system: ({ system }) => system,
    run: ({ run }) => run,
    failOn: ({ failOn }) => failOn,
    controls: ({ controls }) => controls,
    ...COUNTS,
    objects: ({ objects }) => objects,
    images: ({ images }) => images,
    at: ({ at }) => at,
    received: ({ received }) => received,
  },
});
