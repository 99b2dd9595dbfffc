// Package bot is the conversation: it turns what a visitor did into a reply,
// the same on every channel. It knows no channel, no SQL and no HTTP.
//
// The life of one message, from update to reply:
//
//  1. An adapter in channel/ (web, console; later telegram and slack) or the
//     JSON API turns what its platform sent into an Update: typed text, choices
//     or a position, and a key by which the client names the update.
//  2. Bot.Answer (bot.go) asks the Memory whether that key was handled before;
//     then the stored reply is given again. Otherwise it recalls the State: the
//     answers given so far, never a position.
//  3. read.go turns the update into an input for the tree. A choice is parsed
//     strictly, a position becomes a commune and is dropped, and text goes
//     through understand/: danger words first, then commands, an answer to the
//     open question, answers to any other question, a question of the visitor's
//     own, and only then a miss. A question in between is answered right here
//     by ask.go, or by path.go when it is "may I, after this, do that", and the
//     open question comes back after it.
//  4. dialogue/ decides. Tree.Step walks the tree with the answers and says what
//     to ask next, or which search to run. It is pure: no clock, disk or chance.
//  5. When the tree has enough, it asks for a search; bot.go runs it on
//     knowledge/search and steps again with what was found. Nothing near? The
//     tree loosens one wish at a time and says so.
//  6. do.go carries out the verbs that need more than the tree: details,
//     compare, shortlist, a person, export, forget; share.go makes the links.
//  7. say.go phrases every line in the visitor's language through phrase/ and
//     locales/; card.go turns courses into what a visitor sees of them, with
//     reasons, distance, source and date.
//  8. The new State, the key and the reply are stored in one transaction, with a
//     count of what was not found nearby (count.go: no visitor, no words); when
//     another machine was faster, the turn starts again from 2.
//  9. The adapter renders the Reply with its platform's buttons and limits.
//
// What the bot knows (knowledge.go) is built at the start from seeds/ and
// knowledge/, and swapped as a whole on a reload.
package bot
