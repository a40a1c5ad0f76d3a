/** The people of the demo workspace; the password is theirs all. It guards nothing: it is in the README. */
export const people = {
  ada: { name: 'Ada Lovelace', email: 'ada@example.com' },
  grace: { name: 'Grace Hopper', email: 'grace@example.com' },
  alan: { name: 'Alan Turing', email: 'alan@example.com' },
} as const;

/** Somebody of the demo workspace. */
export type Person = keyof typeof people;

/** The password of every demo account. */
export const demoPassword = 'taskgraph-demo';

/** A task of the demo: who made it, who has it, and what was said about it. */
export type DemoTask = {
  title: string;
  status: 'BACKLOG' | 'TODO' | 'IN_PROGRESS' | 'DONE' | 'CANCELED';
  creator: Person;
  assignee?: Person;
  comments?: [author: Person, body: string][];
};

const task = (
  title: string,
  status: DemoTask['status'],
  creator: Person,
  assignee?: Person,
  ...comments: [Person, string][]
): DemoTask => ({ title, status, creator, assignee, comments });

/** The demo workspace's name. */
export const workspaceName = 'Analytical Engines';

/** The projects of the demo and their tasks, the oldest first: 40 in all. */
export const projects: { key: string; name: string; tasks: DemoTask[] }[] = [
  {
    key: 'WEB',
    name: 'Website relaunch',
    tasks: [
      task('Collect what visitors look for and do not find', 'DONE', 'ada', 'grace', [
        'grace',
        'Search logs of the last three months are in the shared folder. Prices lead by far.',
      ]),
      task(
        'Agree on the sitemap',
        'DONE',
        'ada',
        'ada',
        ['alan', 'Can we fold "Team" into "About"? Two pages with four sentences each.'],
        ['ada', 'Yes. Done in the second draft.'],
      ),
      task('Choose the typeface', 'DONE', 'grace', 'grace'),
      task('Design the home page', 'DONE', 'ada', 'grace', [
        'ada',
        'I like the second one. The first one hides the button below the fold on a phone.',
      ]),
      task(
        'Design the pricing page',
        'IN_PROGRESS',
        'ada',
        'grace',
        ['alan', 'Please show prices with and without tax: half of the support mails ask for it.'],
        ['grace', 'Good point, there is a switch now.'],
      ),
      task('Set up the build and previews for every branch', 'DONE', 'alan', 'alan'),
      task('Build the page header with keyboard navigation', 'IN_PROGRESS', 'grace', 'alan', [
        'grace',
        'Escape should close the menu and give the focus back to its button.',
      ]),
      task('Fix the header overlapping anchors on small screens', 'TODO', 'grace', 'alan', [
        'alan',
        'scroll-margin-top on the headings does it. I will take it with the header.',
      ]),
      task('Write the copy of the home page', 'IN_PROGRESS', 'ada', 'ada'),
      task('Write the copy of the pricing page', 'TODO', 'ada', 'ada'),
      task(
        'Move the 214 blog posts',
        'TODO',
        'ada',
        'alan',
        ['alan', 'A dry run moves 209 of them. The other five have tables inside of lists.'],
        ['ada', 'I can rewrite those five by hand.'],
      ),
      task('Redirect every old address to its new one', 'TODO', 'alan', 'alan', [
        'grace',
        "The old server's log has addresses that no page links to any more. Take the list from there.",
      ]),
      task('Check colour contrast and text sizes', 'TODO', 'grace', 'grace'),
      task('Try all pages with a screen reader', 'BACKLOG', 'grace'),
      task('Get the home page below 200 kB', 'BACKLOG', 'alan', 'alan', [
        'alan',
        'At 341 kB now; 180 of it is the hero image.',
      ]),
      task('Add a page for status messages', 'BACKLOG', 'ada'),
      task('Newsletter sign-up with confirmation by mail', 'BACKLOG', 'ada', 'grace'),
      task('Cookie banner', 'CANCELED', 'grace', undefined, [
        'grace',
        'We set no cookie that would need one. Closing.',
      ]),
      task('Have the legal pages reviewed', 'TODO', 'ada', 'ada'),
      task('Plan the switch-over and the way back', 'BACKLOG', 'alan', 'alan', ['ada', 'Not on a Friday, please.']),
    ],
  },
  {
    key: 'APP',
    name: 'Mobile app',
    tasks: [
      task('Talk to ten people who use the old app daily', 'DONE', 'grace', 'grace', [
        'grace',
        'All ten use it on the train: reading without a connection is the one thing to get right.',
      ]),
      task(
        'Decide what works without a connection',
        'DONE',
        'ada',
        'alan',
        ['ada', 'Reading and new comments in the first version, edits in the next one?'],
        ['alan', "Agreed, comments can't conflict."],
      ),
      task('Sign in and stay signed in', 'DONE', 'alan', 'alan'),
      task('List of my tasks', 'IN_PROGRESS', 'alan', 'alan', [
        'grace',
        'The list jumps when a picture loads late. Reserve its place?',
      ]),
      task('Task page with comments', 'IN_PROGRESS', 'alan', 'grace'),
      task('Pull to refresh', 'TODO', 'grace', 'grace'),
      task('Notification when a task is assigned to me', 'IN_PROGRESS', 'ada', 'alan', [
        'ada',
        'Assigning something to oneself should stay silent.',
      ]),
      task('Quiet hours for notifications', 'BACKLOG', 'grace'),
      task('Keep unsent comments over a restart', 'TODO', 'alan', 'grace', [
        'grace',
        'They get their id on the phone, so sending twice is harmless.',
      ]),
      task('Dark mode', 'TODO', 'grace', 'grace'),
      task('Crash when the clock is set back', 'TODO', 'alan', 'alan', [
        'alan',
        'The token looks as if it came from the future. A minute of tolerance is enough.',
      ]),
      task('Share a task into a chat', 'BACKLOG', 'ada'),
      task('Larger text follows the system setting', 'TODO', 'grace', 'ada'),
      task('Translate into German and French', 'BACKLOG', 'ada', 'ada', [
        'grace',
        'The German buttons need a third more room.',
      ]),
      task('Measure the time to the first list', 'DONE', 'alan', 'alan', [
        'alan',
        '1.9 s on the oldest phone that we support, 0.6 s on mine.',
      ]),
      task('Show the first list within one second', 'IN_PROGRESS', 'alan', 'alan'),
      task('Icons for both stores', 'TODO', 'grace', 'grace'),
      task('Screenshots for both stores', 'BACKLOG', 'grace'),
      task('Beta with twenty people', 'BACKLOG', 'ada', 'ada', ['ada', 'I have fourteen so far.']),
      task('Widget for the home screen', 'CANCELED', 'alan', undefined, [
        'ada',
        'Not before the first release. We can open it again then.',
      ]),
    ],
  },
];
