import { openFindings } from '@bulwark/core';
import { composeSplices } from '@bulwark/formats';
import type { Judged, JudgeRequest } from '../scan/pipeline.ts';
import type { MendedFile } from './mended-file.ts';
import { keyOf, type Proposal, type ProposalsByFile, proposalsFor, type Wishes } from './proposals.ts';
import { type Refusal, type Round, Trial } from './trial.ts';

/** What a second scan proved, and what it did not. */
export interface Proof {
  /** Files as they would be, by their index in the request. */
  readonly files: ReadonlyMap<number, MendedFile>;
  /** Proposals that cannot be made in the text, or after which something is wrong that was not. */
  readonly refused: readonly Refusal[];
}

/** Rounds in which one fix makes room for another: what is no longer privileged can also do without escalation. */
const MOST_PASSES = 5;

/** Mends what can be mended, until a scan of the result, by everything that the request has, offers nothing more. */
export function mendAll(judged: Judged, request: JudgeRequest, wishes: Wishes): Proof {
  const files = new Map<number, MendedFile>();
  const refused = new Map<string, Refusal>();
  let state: Pick<Round, 'judged' | 'request'> = { judged, request };
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const isLeft = (proposal: Proposal): boolean =>
      !refused.has(keyOf(proposal.finding)) && wishes.wantsProposal(proposal);
    const proposals = proposalsFor(state.judged, state.request, { ...wishes, wantsProposal: isLeft });
    if (proposals.size === 0) break;
    const round = prove(proposals, state.judged, state.request);
    for (const refusal of round.refused) refused.set(keyOf(refusal.proposal.finding), refusal);
    for (const [index, mended] of round.files) {
      const before = files.get(index);
      files.set(index, before === undefined ? mended : joined(before, mended));
    }
    if (round.files.size === 0) break;
    state = round;
  }
  const open = new Set(openFindings(state.judged.findings).map(keyOf));
  // What another fix has mended as well is not missed.
  return {
    files,
    refused: [...refused.values()].filter(({ proposal }) => open.has(keyOf(proposal.finding))),
  };
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
function prove(proposals: ProposalsByFile, judged: Judged, request: JudgeRequest): Round {
  const trial = new Trial(proposals, judged, request);
  const all = [...proposals.values()].flat();
  // What else an edit of a role or a binding changes shows only in workloads, so these come after.
  const isOther = ({ resource }: Proposal): boolean => resource.workloads.length === 0;
  trial.admit([...all.filter(isOther), ...all.filter((proposal) => !isOther(proposal))]);
  return trial.end();
}
