import { hash128 } from '@bulwark/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startMailServer } from './receivers.testing.ts';
import { eventually, finding, TestSender, workload } from './sender.testing.ts';

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

describe('a message', () => {
  it('goes by mail, after a refusal for now', async () => {
    const mail = await startMailServer(1);
    await sender.route(await sender.mail(mail.port, ['team@example.com']));
    await sender.batch([finding('1')]);
    sender.start();
    await eventually(
      'it was refused',
      async () => (await sender.deliveries())[0]?.answer === '451 try later',
    );
    sender.pass(1);
    await eventually('it is sent', () => sender.isQuiet());

    expect(mail.mails.length).toBe(1);
    expect(mail.mails[0]).toContain('Subject: privileged-container: 1 finding opened');
    mail.close();
  });
});

describe('a mail that a server takes for some of its readers', () => {
  it('goes to the others later, over a restart, and to nobody twice', async () => {
    const mail = await startMailServer(0, { strangers: ['grey@example.com'] });
    await sender.route(await sender.mail(mail.port, ['here@example.com', 'grey@example.com']));
    await sender.batch([finding('1')]);
    const first = sender.start({ graceMs: 0 });
    await eventually(
      'some have it',
      async () => (await sender.deliveries())[0]?.state === 'waiting' && mail.mails.length === 1,
    );
    await first.stop();
    sender.pass(1);
    sender.start({ graceMs: 0 });
    await eventually('all have it', () => sender.isQuiet());

    expect(mail.readers).toEqual([['here@example.com'], ['grey@example.com']]);
    mail.close();
  });
});

describe('a route to the contacts of owners', () => {
  it.each([
    {
      what: 'the contact of the workload',
      own: ['pay@example.com'],
      to: 'pay@example.com',
      why: 'the contact of the owner',
    },
    {
      what: 'the channel where the domain is not allowed',
      own: ['eve@evil.example'],
      to: 'security@example.com',
      why: 'does not allow',
    },
    {
      what: 'a contact of the same owner, however it is written, in the same namespace',
      own: undefined,
      to: 'near@example.com',
      why: 'the contact of the owner',
    },
  ])('mails $what', async ({ own, to, why }) => {
    const mail = await startMailServer(0);
    const channel = await sender.mail(mail.port, ['security@example.com'], ['example.com']);
    await sender.route(channel, { toContact: true });
    const ofPay = { namespace: 'pay', team: 'payments' };
    await sender.batch([finding('1', ofPay)], {
      resources: [
        workload('api', { ...ofPay, contacts: own }),
        workload('near', { ...ofPay, team: 'Payments', contacts: ['near@example.com'] }),
        workload('far', { ...ofPay, namespace: 'elsewhere', contacts: ['far@example.com'] }),
      ],
    });
    sender.start();
    await eventually('it is sent', () => sender.isQuiet());

    expect(mail.mails[0]).toMatch(new RegExp(`^To: ${to}\\r?$`, 'm'));
    expect((await sender.deliveries())[0]?.recipient).toContain(to);
    expect((await sender.deliveries())[0]?.recipient).toContain(why);
    mail.close();
  });

  it('mails the end to the contact that was told the beginning, and to that of who has it by then', async () => {
    const mail = await startMailServer(0);
    await sender.route(await sender.mail(mail.port, ['security@example.com'], ['example.com']), {
      toContact: true,
    });
    const dispatcher = sender.start();
    for (const team of ['pay', 'search']) {
      const own = { namespace: 'pay', team };
      await sender.batch([finding('1', own)], {
        resources: [workload('api', { ...own, contacts: [`${team}@example.com`] })],
      });
      dispatcher.wake();
      await eventually('it is sent', () => sender.isQuiet());
      sender.pass(1);
    }
    await sender.batch([], { resolved: [hash128('1')] });
    dispatcher.wake();
    await eventually('all is sent', () => sender.isQuiet());

    const told = mail.mails.map((each) => [
      /^To: (.*?)\r?$/m.exec(each)?.[1],
      / (opened|resolved|yours now)/.exec(each)?.[1],
    ]);
    expect(told.slice(0, 2)).toEqual([
      ['pay@example.com', 'opened'],
      ['search@example.com', 'yours now'],
    ]);
    expect(told.slice(2).toSorted((a, b) => a.join().localeCompare(b.join()))).toEqual([
      ['pay@example.com', 'resolved'],
      ['search@example.com', 'resolved'],
    ]);
    mail.close();
  });
});
