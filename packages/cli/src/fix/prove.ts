import { type Finding, openFindings } from '@bulwark/core';
import { composeSplices } from '@bulwark/formats';
import type { Judged, JudgeRequest } from '../scan/pipeline.ts';
import type { MendedFile } from './mended-file.ts';
import {
  keyOf,
  type Proposal,
  type ProposalsByFile,
  placeOf,
  proposalsFor,
  type Wishes,
} from './proposals.ts';
import { type Budget, type Refusal, type Round, Trial, type TrialStart } from './trial.ts';

/** What a second scan proved, and what it did not. */
export interface Proof {
  /** Files as they would be, by their index in the request. */
  readonly files: ReadonlyMap<number, MendedFile>;
  /** Proposals that cannot be made in the text, or after which something is wrong that was not. */
  readonly refused: readonly Refusal[];
  /** Findings that stay, but under another fingerprint: they lie in an item of a list, which is known by what it holds. */
  readonly renamed: readonly Finding[];
}

/** Rounds in which one fix makes room for another: what is no longer privileged can also do without escalation. */
const MOST_PASSES = 8;
/** Mostly each pass needs one. */
const MOST_SCANS = 80;

/** Mends what can be mended, until a scan of the result, by everything that the request has, offers nothing more. */
export function mendAll(judged: Judged, request: JudgeRequest, wishes: Wishes): Proof {
  const files = new Map<number, MendedFile>();
  const refused = new Map<string, Refusal>();
  const budget: Budget = { scans: MOST_SCANS };
  let state: Pick<Round, 'judged' | 'request'> = { judged, request };
  let hasChanged = false;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const wantsProposal = (proposal: Proposal): boolean =>
      !refused.has(keyOf(proposal.finding)) && wishes.wantsProposal(proposal);
    const proposals = proposalsFor(state.judged, state.request, { ...wishes, wantsProposal });
    const round = prove(proposals, { ...state, budget });
    for (const refusal of round.refused) refused.set(keyOf(refusal.proposal.finding), refusal);
    for (const [index, mended] of round.files) {
      const before = files.get(index);
      files.set(index, before === undefined ? mended : joined(before, mended));
    }
    if (round.files.size > 0) {
      state = round;
      hasChanged = true;
    } else if (hasChanged && refused.size > 0) {
      // Something else may have stood in their way that is mended by now.
      refused.clear();
      hasChanged = false;
    } else break;
  }
  const known = new Set(openFindings(judged.findings).map(keyOf));
  const open = openFindings(state.judged.findings);
  const renamed = open.filter((finding) => !known.has(keyOf(finding)));
  const [keys, places] = [new Set(open.map(keyOf)), new Set(renamed.map(placeOf))];
  // What another fix has mended as well is not missed.
  const isOpen = ({ proposal: { finding } }: Refusal): boolean =>
    keys.has(keyOf(finding)) || places.has(placeOf(finding));
  return { files, refused: [...refused.values()].filter(isOpen), renamed };
}

function joined(first: MendedFile, second: MendedFile): MendedFile {
  return {
    before: first.before,
    after: second.after,
    splices: composeSplices(first.before.length, first.splices, second.splices),
    proposals: [...first.proposals, ...second.proposals],
    wanted: second.wanted,
  };
}

/** Makes proposals and judges the result; where something is wrong then, finds those that it is not because of. */
function prove(proposals: ProposalsByFile, start: TrialStart): Round {
  const trial = new Trial(proposals, start);
  trial.admit([...proposals.values()].flat());
  return trial.end();
}
