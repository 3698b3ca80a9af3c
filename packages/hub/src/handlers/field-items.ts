import type { FieldChangeItem } from '@bulwark/api';
import { type FieldChange, fieldChanges, type Json, type JsonObject } from '@bulwark/core';

/** The fields that two versions of an object do not have in common; none where there is only one. */
export function changesOf(before: JsonObject | null, after: JsonObject | null): FieldChange[] {
  return before === null || after === null ? [] : fieldChanges(before, after);
}

function printed(value: Json | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A field as the API gives it. @param most characters of a value. */
export function fieldItem(
  { path, before, after }: FieldChange,
  most = Number.POSITIVE_INFINITY,
): FieldChangeItem {
  const short = (text: string | null) =>
    text !== null && text.length > most ? `${text.slice(0, most)}…` : text;
  return { path, before: short(printed(before)), after: short(printed(after)) };
}
