// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Numbers that an attacker's program in a container counts up, in a file that it maps.</summary>
/// <param name="folder">of the host</param>
public sealed class Counters(string folder)
{
    private const int Length = 64;

    private readonly string _path = Make(Path.Combine(folder, "count"));

    public ulong this[int index] => BitConverter.ToUInt64(File.ReadAllBytes(_path), index * sizeof(ulong));

    private static string Make(string path)
    {
        File.WriteAllBytes(path, new byte[Length]);
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        return path;
    }
}
