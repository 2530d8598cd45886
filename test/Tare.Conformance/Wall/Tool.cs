// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Wall;

/// <summary>A small static program of an attacker, compiled from the C beside this file.</summary>
public static class Tool
{
    /// <summary>Compiles it into a folder.</summary>
    /// <param name="name">of the source, without <c>.c</c></param>
    /// <param name="folder">where the program, of the same name, is then</param>
    public static void Make(string name, string folder)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Wall", "Tools", $"{name}.c");
        using Process compiler = Process.Start("gcc", ["-O2", "-static", "-o", Path.Combine(folder, name), source]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
    }
}
