// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        Console.WriteLine(args is ["--version"] ? "Tare version 0.1.0" : "usage: tare --version");
        return 0;
    }
}
