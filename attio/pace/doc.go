// Package pace lets requests go at the rate that a server allows, when that rate is counted by the second.
//
// A [Gate] stands before all requests of one kind: one for writes, one for reads, and one for queries before the
// reads' gate. One [Clock] serves all of them. These are the rules:
//
//  1. The server counts by its clock second (Attio: https://docs.attio.com/rest-api/guides/rate-limiting). The clock
//     learns from the Date headers of 20 answers over a second where those seconds begin.
//  2. Once the clock is known, the requests of a second leave in its first third. What is late on the way still
//     arrives in the second that it was meant for. A second that begins late is paced evenly to its end.
//  3. While the clock is not known, requests leave evenly, in small groups: at 0.8 of the rate while it is being
//     learned, at 0.9 where there is no clock.
//  4. A refusal closes the gate until the time that it named, by the server's clock. Where the clock is not known,
//     the time between the answer's Date and the time that it named is waited after the answer. No request leaves
//     before that.
//  5. The first second gets 0.8 of the rate, until its answers are there. A second with three refusals, or two seconds
//     in a row with one, lower the level to what went through. Where requests leave evenly, one refusal lowers it a
//     little.
//  6. After clean seconds, one second tries a little more: by 1, 2, 4, 8. If that is clean too, it is the new level;
//     if not, the next try waits twice as long.
//  7. Where the level stays low for ten seconds, the other spread is tried (early in the second, or evenly) and kept
//     if it lets more through. Then it is five minutes until the first one is tried again.
//  8. A server that asks for more than a minute's pause is not waited for: every caller gets a [LongPauseError] at
//     once.
//  9. Queries may also have a budget of their own, of ten seconds. A query that is refused while reads are below half
//     their rate lowers the level of the queries' gate, and of no other.
//  10. With processes that share (package share), a second gets no more than this process's part of it. It is asked
//     for when the second begins; where it is not known within 5 ms the gate goes on alone.
//
// First come, first served; requests that were refused go before all others. Nothing runs while nobody waits.
package pace
