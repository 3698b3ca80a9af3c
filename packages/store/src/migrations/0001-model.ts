import { FINDINGS } from './0001-findings.ts';
import { INVENTORY } from './0001-inventory.ts';
import { PEOPLE } from './0001-people.ts';

/** The model: inventory and findings, live and past, decisions, and who may do what. */
export const MODEL = `${INVENTORY}${FINDINGS}${PEOPLE}`;
