import { Checkbox, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useHub } from '../../data/use-hub.ts';
import type { ChosenOwners } from './told-owners.ts';

const MOST_OFFERED = 50;
/** Owners come from labels and annotations, so that each sign may be part of a name. */
const NO_SIGN_BETWEEN: string[] = [];

/** Chooses owners by name, of those that there are, and by pattern. */
export function OwnerChoice({
  value,
  onChange,
}: {
  readonly value: ChosenOwners;
  readonly onChange: (owners: ChosenOwners) => void;
}) {
  const { data } = useHub('listTeams', { query: {} });
  const { names, isNobody } = value;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <TagsInput
        label="Owners"
        description="Enter takes a name, or a pattern with * for any text. None for all."
        placeholder={names.length > 0 || isNobody ? '' : 'all'}
        splitChars={NO_SIGN_BETWEEN}
        data={[...new Set((data?.items ?? []).flatMap(({ owner }) => owner ?? []))]}
        limit={MOST_OFFERED}
        dropdownOpened={isOpen}
        onDropdownOpen={() => setOpen(true)}
        onDropdownClose={() => setOpen(false)}
        // Open after a name is taken it would lie on the next fields.
        onSearchChange={(text) => setOpen(text !== '')}
        value={[...names]}
        onChange={(chosen) => onChange({ ...value, names: chosen.flatMap((name) => taken(name, names)) })}
      />
      <Checkbox
        label={names.length > 0 ? 'And what nobody owns' : 'Only what nobody owns'}
        checked={isNobody}
        onChange={({ currentTarget: { checked } }) => onChange({ ...value, isNobody: checked })}
      />
    </>
  );
}

/** A name as it is taken: what was typed without the blanks around it, what was there before as it was. */
function taken(name: string, before: readonly string[]): readonly string[] {
  if (before.includes(name)) return [name];
  const text = name.trim();
  return text === '' ? [] : [text];
}
