// SPDX-License-Identifier: Apache-2.0
namespace Tare.Prove;

internal static class Scenarios
{
    public static int Run(string[] wanted) => wanted.Length;
}
