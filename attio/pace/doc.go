// Package pace lets requests go at the rate that a server allows, when that rate is counted by the second.
//
// A [Gate] stands before all requests of one kind: one for writes, one for reads, and one for queries before the
// reads' gate. One [Clock] serves all of them. The level is how many requests a gate lets go in a second; it begins at
// the rate and is never more. These are the rules:
//
//  1. The server counts by its clock second (Attio: https://docs.attio.com/rest-api/guides/rate-limiting). The clock
//     learns from the Date headers of 20 answers over a second where those seconds begin. Five answers that contradict
//     it, and it learns again; three times in a minute, and there is no clock for five minutes. There is none either
//     after 20 answers without a Date.
//  2. Once the clock is known, the requests of a second leave in its first third. What is late on the way still
//     arrives in the second that it was meant for. A second that begins late is paced evenly to its end.
//  3. While the clock is not known, requests leave evenly, in five groups a second: at 0.8 of the rate while it is
//     being learned, at 0.9 where there is none.
//  4. A refusal names a time: its Date and Retry-After. The gate is closed until that second begins by the server's
//     clock. Where the clock or the Date is missing, Retry-After is waited from the answer on.
//  5. With a known clock, seconds get 0.8 of the level until all answers to a whole one have come: mostly the first
//     two. A second with three refusals, or two seconds in a row with one, lower the level to what went through, by no
//     more than 0.3 of it at once. Where requests leave evenly, one refusal lowers it by a hundredth.
//  6. After four clean seconds one second tries a little more: one request more, then 2, 4, 8. What was clean is the
//     new level, and the next one tries at once. A try that is refused changes nothing but the wait for the next one,
//     which doubles, up to a minute.
//  7. Where the level stays between 0.66 and 0.93 of the rate for ten seconds and tries fail, the other spread is tried
//     (early in the second, or evenly). It is kept if after ten seconds its level is above the other one's, and
//     then not questioned for five minutes; if not, the next trial comes after twice the time. Below 0.66 it is
//     another client that takes the rest: requests leave early in the second.
//  8. A refusal that asks for more than a minute's pause is not waited for: until less than a minute of it is left,
//     every caller of the gate, and of a gate before it, gets a [LongPauseError] at once.
//  9. Queries may have a budget of their own, counted over ten seconds. A query that is refused while fewer reads leave
//     than half their rate counts against the level of the queries' gate alone, any other against the reads'. That
//     level falls to 0.95 of what went through in ten seconds, and rises like any other.
//  10. With processes that share (package share), a second gets no more than this process's part of it. It is asked
//     for when the second begins; where it is not known within 5 ms, that second gets the level, as without sharing.
//
// First come, first served; requests that were refused go before all others. Nothing runs while nobody waits.
package pace
