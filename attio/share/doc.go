// Package share lets the processes of one machine share the seconds of a server's limit through a file of claims.
//
// A [File] holds, for each budget (reads, writes) and each process, one claim: the second, how many requests the
// process wants to send in it, and how many it has taken. The rules:
//
//  1. A process claims before it sends. It takes what the limit leaves after what others have taken of the same
//     second, and after the fair shares of those who have claimed a second just before and not yet this one.
//     So the sum of what is taken never exceeds the limit.
//  2. Fair is: everybody gets what he wants, or as much as anybody else. What nobody wants is dealt out evenly.
//  3. A claim is void when its second is over. A process that is stopped, killed or frozen keeps nothing from the
//     others but its share of that second and of the two that follow.
//  4. The seconds are the server's. A claim of more than two seconds before or after the caller's is no claim: so far
//     apart are processes whose clocks differ while one of them is learning.
//  5. A file that cannot be read, written or locked within a few milliseconds gives an error and no share. Text that
//     is no claim is dropped with the next write. The file of another version is left as it is.
package share
