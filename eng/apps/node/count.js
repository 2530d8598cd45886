// SPDX-License-Identifier: Apache-2.0
// The words of standard input and how often they are there.
const { countBy, orderBy, toPairs } = require("lodash");

const words = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean);
for (const [word, count] of orderBy(toPairs(countBy(words)), [1, 0], ["desc", "asc"])) {
  console.log(`${count} ${word}`);
}
