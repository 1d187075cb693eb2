// Package phone reads phone numbers by the numbering plans of their countries, as libphonenumber does, and quickly.
//
// The library answers by some thirty regular expressions a number, which is the slowest thing that an import does with
// a cell. Nearly all numbers are written with digits and plain separators. For those Parse follows the library's steps
// itself, over the library's own plans, with the expressions turned into tables of digits. Whatever is written in
// another way, or needs one of the library's rarer steps, goes to the library: no number is read differently, which a
// test holds against numbers of every country.
package phone
