// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;
using Tare.Prove;

return args switch
{
    ["keeper", ..] => KeeperProcess.Main(),
    ["launches", string runs, ..] => Launches.Run(int.Parse(runs), args is [_, _, string mode] ? mode : "stress"),
    ["scenarios", .. string[] wanted] => Scenarios.Run(wanted),
    ["clean", string folder] => Clean(folder),
    ["sweep"] => Sweep.Run(),
    ["run", .. string[] rest] => KeptRun.Run(rest),
    _ => Usage(),
};

// what a keeper has done when its starter is gone
static int Clean(string folder)
{
    File.WriteAllText(Path.Combine(folder, "cleaned"), string.Empty);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: tare-prove launches RUNS [quiet|stress|collect]
               tare-prove scenarios [NAME]
               tare-prove sweep
               tare-prove run [-i] [-t] [-d] [--init] RUN-FOLDER COMMAND...
        """);
    return 2;
}
