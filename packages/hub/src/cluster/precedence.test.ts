import { describe, expect, it } from 'vitest';
import { Precedence } from './precedence.ts';

const [ADMIN, READER, OTHER] = [0, 1, 2];
const admin = { name: 'admin', cluster: 7 };
const reader = { name: 'reader', cluster: 7 };

function told(): { readonly precedence: Precedence; readonly heard: string[] } {
  const heard: string[] = [];
  const precedence = new Precedence((place, first) => heard.push(`${place}: ${first ?? 'your turn'}`));
  return { precedence, heard };
}

describe('of several contexts that lead to one cluster', () => {
  it('the one that is named first goes first, whichever answers first', () => {
    const { precedence, heard } = told();
    precedence.claim(READER, reader);
    expect(heard.splice(0)).toEqual(['1: your turn']);

    precedence.claim(ADMIN, admin);
    expect(heard.splice(0)).toEqual(['0: your turn', '1: admin']);

    precedence.claim(READER, undefined);
    precedence.claim(READER, reader);
    expect(heard).toEqual(['1: admin']);
  });

  it('the next one goes when the first does not lead there any more', () => {
    const { precedence, heard } = told();
    precedence.claim(ADMIN, admin);
    precedence.claim(READER, reader);
    heard.splice(0);

    precedence.claim(ADMIN, { name: 'admin', cluster: 8 });
    expect(heard.splice(0)).toEqual(['0: your turn', '1: your turn']);

    precedence.claim(ADMIN, admin);
    precedence.claim(ADMIN, undefined);
    expect(heard).toEqual(['0: your turn', '1: admin', '1: your turn']);
  });

  it('the next one goes while nothing is seen by the first, and the first again when it claims the cluster anew', () => {
    const { precedence, heard } = told();
    precedence.claim(ADMIN, admin);
    precedence.claim(READER, reader);
    heard.splice(0);

    precedence.claim(ADMIN, { ...admin, isAway: true });
    expect(heard.splice(0)).toEqual(['1: your turn', '0: reader']);

    precedence.claim(ADMIN, undefined);
    expect(heard.splice(0)).toEqual([]);

    precedence.claim(ADMIN, admin);
    expect(heard.splice(0)).toEqual(['0: your turn', '1: admin']);
  });

  it('the one by which nothing is seen goes on while there is no other', () => {
    const { precedence, heard } = told();
    precedence.claim(ADMIN, admin);
    precedence.claim(ADMIN, { ...admin, isAway: true });
    expect(heard.splice(0)).toEqual(['0: your turn', '0: your turn']);

    precedence.claim(READER, reader);
    expect(heard.splice(0)).toEqual(['1: your turn', '0: reader']);

    precedence.claim(READER, { ...reader, isAway: true });
    expect(heard).toEqual(['0: your turn', '1: admin']);
  });

  it('every one goes that leads to a cluster of its own', () => {
    const { precedence, heard } = told();
    precedence.claim(OTHER, { name: 'other', cluster: 9 });
    precedence.claim(ADMIN, admin);
    expect(heard).toEqual(['2: your turn', '0: your turn']);
  });
});
