import type { ViewItem } from '@bulwark/api';
import { AppError, queryForValues, redactText } from '@bulwark/core';
import {
  createView,
  deleteView,
  findView,
  listViews,
  type Store,
  updateView,
  type ViewRecord,
} from '@bulwark/store';
import { type Caller, may } from '../access/caller.ts';
import type { Handlers } from '../http/handler.ts';

const LIST = 'findings';

/**
 * Views of findings: those that everybody has, the own, and those that others share. What is kept with a token is the person's
 * behind it: tokens of several people may have one name.
 */
export function viewHandlers(
  store: Store,
): Handlers<'listViews' | 'createView' | 'updateView' | 'deleteView'> {
  return {
    listViews: async (_input, { caller }) => {
      const records = await listViews(store, LIST, caller.person);
      return { items: [...standardViews(caller), ...records.map((record) => viewItem(record, caller))] };
    },
    createView: async ({ body }, { caller, now }) => {
      mayShare(body.isShared, caller);
      const view = { ...body, name: redactText(body.name), list: LIST, owner: caller.person };
      return viewItem(await createView(store, view, now), caller);
    },
    updateView: async ({ params, body }, { caller }) => {
      await mustBeChangeable(store, params.id, caller);
      mayShare(body.isShared, caller);
      const record = await updateView(store, params.id, { ...body, name: redactText(body.name) });
      if (record === undefined) throw new AppError('not-found');
      return viewItem(record, caller);
    },
    deleteView: async ({ params }, { caller }) => {
      await mustBeChangeable(store, params.id, caller);
      await deleteView(store, params.id);
      return undefined;
    },
  };
}

/** What everybody asks for first. */
function standardViews({ person }: Caller): ViewItem[] {
  const views = [
    { name: 'Mine', q: queryForValues({ assignee: person }) },
    { name: 'New since yesterday', q: 'age:<1d', sort: '-first-seen' },
    { name: 'Fixable critical', q: 'severity:critical fixable:yes' },
  ];
  return views.map(({ name, ...view }) => ({
    id: null,
    name,
    owner: null,
    isShared: true,
    mayChange: false,
    view,
  }));
}

function viewItem(record: ViewRecord, caller: Caller): ViewItem {
  const { id, name, owner, isShared, view } = record;
  return {
    id,
    name,
    owner,
    isShared,
    mayChange: mayChange(record, caller),
    view: view as ViewItem['view'],
  };
}

function mayChange({ owner, isShared }: ViewRecord, caller: Caller): boolean {
  return owner === caller.person || (isShared && may(caller, 'administer'));
}

function mayShare(isShared: boolean, caller: Caller): void {
  if (isShared && !may(caller, 'triage'))
    throw new AppError('not-allowed', { detail: 'Only who may decide about findings shares views.' });
}

async function mustBeChangeable(store: Store, id: number, caller: Caller): Promise<void> {
  const record = await findView(store, id, caller.person);
  if (record === undefined) throw new AppError('not-found');
  if (!mayChange(record, caller))
    throw new AppError('not-allowed', { detail: `The view is ${record.owner}'s.` });
}
