import { ActionIcon, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Dialog } from '../parts/dialog.tsx';
import { useKeys } from './use-keys.ts';

const KEYS = [
  ['/', 'go to the query, from every page'],
  ['j k', 'next and previous row'],
  ['Enter', 'take what is offered, or ask the query; open what the row is about, and once more, go into it'],
  ['Esc', 'close it, and back to the row; from the query, to the list'],
  ['x', 'choose the row'],
  ['X', 'choose all that the query finds'],
  ['a', 'assign the finding; in the queue, take what the row is about, or give it back'],
  ['e', 'accept the finding with a reason; in the queue, all that the row is about'],
  ['f', 'how to fix it'],
  ['?', 'this help'],
] as const;

/** The keys, on the key ? and behind a button. */
export function HelpKeys() {
  const [isOpen, { open, close }] = useDisclosure(false);
  useKeys({
    '?': open,
    '/': () => document.querySelector<HTMLInputElement>('[data-query]')?.focus(),
  });
  return (
    <>
      <ActionIcon variant="default" size="md" onClick={open} aria-label="Keys">
        ?
      </ActionIcon>
      <Dialog isOpen={isOpen} onClose={close} title="Keys" size="sm">
        <Table>
          <Table.Tbody>
            {KEYS.map(([key, meaning]) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <kbd className="kbd">{key}</kbd>
                </Table.Td>
                <Table.Td>{meaning}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Dialog>
    </>
  );
}
