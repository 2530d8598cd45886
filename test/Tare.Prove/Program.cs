// SPDX-License-Identifier: Apache-2.0
// tare-prove launches RUNS [quiet|stress|collect] | tare-prove scenarios
using Tare.Prove;

return args switch
{
    ["launches", string runs, ..] => Launches.Run(int.Parse(runs), args is [_, _, string mode] ? mode : "stress"),
    ["scenarios", ..] => Scenarios.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: tare-prove launches RUNS [quiet|stress|collect] | tare-prove scenarios");
    return 2;
}
