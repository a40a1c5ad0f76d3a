import { describe, expect, it } from '@jest/globals';
import { notificationMail } from './mail.ts';

const notification = {
  id: '0197a6cc-1e6b-7c6e-9a54-3c2e14a1f3d0',
  title: `Ada assigned WEB-1 <i>"it's" & so on</i> to you`,
};
const recipient = { name: 'Grace <Hopper>', email: 'grace@example.com' };
const mail = notificationMail(notification, recipient, {
  appUrl: 'https://app.example.com/?a=1&b=2',
  domain: 'example.org',
});

describe('notificationMail', () => {
  it('has the same Message-ID at each attempt', () => {
    expect(mail.messageId).toBe('<0197a6cc-1e6b-7c6e-9a54-3c2e14a1f3d0@example.org>');
    expect(mail).toMatchObject({
      to: { name: 'Grace <Hopper>', address: 'grace@example.com' },
      subject: notification.title,
    });
  });

  it('says in plain text what it says in HTML, and links to the application', () => {
    expect(mail.text).toContain(`Hello Grace <Hopper>,\n\n${notification.title}\n\nhttps://app.example.com/?a=1&b=2\n`);
  });

  it('escapes what people wrote', () => {
    expect(mail.html).toContain('<p>Hello Grace &lt;Hopper&gt;,</p>');
    expect(mail.html).toContain('WEB-1 &lt;i&gt;&quot;it&#39;s&quot; &amp; so on&lt;/i&gt; to you');
    expect(mail.html).toContain('<a href="https://app.example.com/?a=1&amp;b=2">');
    expect(mail.html).not.toMatch(/<i>|<Hopper>/);
  });
});
