import type { FindingDetail } from '@bulwark/api';
import { counted, type Entry } from '@bulwark/formats';
import type { Surroundings } from '../asked-list.ts';
import { findingsCommand } from '../next-command.ts';
import { ageOf, details, minuteOf, placeOf, shortFingerprint } from '../words.ts';
import { type Code, firstLines, labelled, type Part } from './text.ts';

/** Lines of the object above and below the one that a finding is about. */
const AROUND = 4;
const MOST_EVENTS = 20;

/** All that is known of a finding: its lines, why it matters, how to mend it, what happened to it. */
export function findingParts(finding: FindingDetail, around: Surroundings): readonly Part[] {
  const { rationale, references, frameworks, attack } = finding;
  return [
    headOf(finding, around),
    evidenceOf(finding),
    labelled('WHY', rationale === '' ? [] : [rationale]),
    remedyOf(finding),
    patchOf(finding),
    siblingsOf(finding, around),
    labelled('HISTORY', firstLines(finding.timeline.map(eventText), MOST_EVENTS)),
    labelled('SOURCES', [
      ...[frameworks.join(', '), attack.join(', ')].filter((text) => text !== ''),
      ...references.map((whole) => ({ whole })),
    ]),
  ];
}

function headOf(finding: FindingDetail, around: Surroundings): Part {
  const { severity, message, control, cluster, resource, container, environment, state } = finding;
  const { owner, assignee, acknowledged, deferredUntil, exception, requested } = finding;
  return [
    { label: severity.toUpperCase(), style: severity, text: message.replace(/\.$/, ''), tail: control },
    {
      whole: placeOf(cluster, resource, around),
      text: `(${details(
        container !== null && `container ${container}`,
        owner ?? 'unowned',
        environment ?? 'environment unknown',
        `first seen ${ageOf(finding.firstSeen, around.now)} ago`,
      )})`,
    },
    {
      text: details(
        state === 'excepted' ? 'accepted' : state,
        assignee === null ? 'no one on it' : `with ${assignee}`,
        acknowledged && 'acknowledged',
        deferredUntil !== null && `put off until ${minuteOf(deferredUntil)}`,
      ),
      tail: finding.fingerprint,
    },
    ...(exception === null ? [] : [decisionEntry('ACCEPTED', exception)]),
    ...(requested === null ? [] : [decisionEntry('ASKED', requested)]),
  ];
}

function decisionEntry(label: string, decision: NonNullable<FindingDetail['exception']>): Entry {
  const { reason, owner, until, origin } = decision;
  const by = details(
    owner ?? 'without an owner',
    until === null ? 'without an end' : `until ${until}`,
    `from ${origin}`,
  );
  return { label, style: 'medium', text: `${reason} (${by})` };
}

/** The lines of the object around the one that the finding is about. */
function evidenceOf({ path, yaml, resource }: FindingDetail): Part {
  const where: Entry = {
    label: 'WHERE',
    style: 'strong',
    whole: path === '' ? resource.kind : path,
    text: '',
  };
  return yaml === null || yaml.line === null ? [where] : [where, excerptOf(yaml.text, yaml.line)];
}

function excerptOf(text: string, marked: number): Code {
  const lines = text.trimEnd().split('\n');
  const from = Math.max(1, marked - AROUND);
  const to = Math.min(lines.length, marked + AROUND);
  const digits = String(to).length;
  return {
    code: lines.slice(from - 1, to).map((line, index) => {
      const number = from + index;
      return `${number === marked ? '>' : ' '} ${String(number).padStart(digits)}  ${line}`;
    }),
  };
}

function remedyOf({ remediation, fix, fixable, state }: FindingDetail): Part {
  if (fix === null)
    return labelled('FIX', [
      ...(remediation === '' ? [] : [remediation]),
      ...(fixable && state !== 'resolved'
        ? ['No patch is offered: with the edit made, the object still has this finding, or gets another one.']
        : []),
    ]);
  const grade = fix.grade === 'safe' ? 'Safe' : 'May break';
  return labelled('FIX', [
    remediation,
    `${grade}${fix.why === null ? '.' : `: ${fix.why}`} Judged again with this patch of the object as it is stored, the finding is gone, and no other comes. ${fix.judgedWith}`,
  ]);
}

function patchOf({ fix }: FindingDetail): Part {
  return fix === null ? [] : [{ code: fix.patch.trimEnd().split('\n'), isWhole: true }];
}

function siblingsOf({ siblings, affected, control, cluster }: FindingDetail, around: Surroundings): Part {
  if (siblings === 0) return [];
  const all = findingsCommand(cluster, { control }, around);
  return [
    {
      label: 'ALSO',
      style: 'strong',
      text: `${counted(siblings, 'other open finding')} of ${control}; ${all} has all`,
    },
    ...affected.map(({ resource, severity, owner, fingerprint }) => ({
      text: `${placeOf(cluster, resource, around)} (${details(severity, owner ?? 'unowned')})`,
      tail: shortFingerprint(fingerprint),
    })),
  ];
}

function eventText({ at, what, by, text, until }: FindingDetail['timeline'][number]): string {
  const end = until === null ? '' : ` until ${minuteOf(until)}`;
  const said = what === 'triage' ? (text ?? 'triage') : what;
  const more = text === null || what === 'triage' ? '' : `: ${text}`;
  return `${minuteOf(at)} ${said}${end}${by === null ? '' : ` by ${by}`}${more}`;
}
