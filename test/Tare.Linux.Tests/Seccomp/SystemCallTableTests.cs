// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Tare.Linux.Interop;
using Tare.Linux.Seccomp;

namespace Tare.Linux.Tests.Seccomp;

public sealed class SystemCallTableTests
{
    [Fact]
    public void Every_name_is_found_at_its_place()
    {
        for (int i = 0; i < SystemCallTable.Count; i++)
        {
            Assert.Equal(i, SystemCallTable.IndexOf(Encoding.ASCII.GetString(SystemCallTable.Name(i))));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("rea")]
    [InlineData("read\n")]
    [InlineData("Read")]
    [InlineData("zzz")]
    [InlineData("réad")]
    public void Other_names_are_not_found(string name) => Assert.Equal(-1, SystemCallTable.IndexOf(name));

    [Theory]
    [InlineData("read", 0, 3, 0, 63, 3)]
    [InlineData("execve", 59, 11, 520, 221, 11)]
    [InlineData("clone3", 435, 435, 435, 435, 435)]
    [InlineData("socketcall", -1, 102, -1, -1, -1)]
    [InlineData("set_tls", -1, -1, -1, -1, 0xF0005)]
    [InlineData("sync_file_range2", -1, -1, -1, -1, 341)]
    [InlineData("newfstatat", 262, -1, 262, 79, -1)]
    public void Numbers_are_the_kernel_s(string name, int x86, int i386, int x32, int aarch64, int arm)
    {
        int index = SystemCallTable.IndexOf(name);

        Assert.Equal(x86, SystemCallTable.Numbers(SeccompArchitecture.X86_64)[index]);
        Assert.Equal(i386, SystemCallTable.Numbers(SeccompArchitecture.I386)[index]);
        Assert.Equal(x32, SystemCallTable.Numbers(SeccompArchitecture.X32)[index]);
        Assert.Equal(aarch64, SystemCallTable.Numbers(SeccompArchitecture.Aarch64)[index]);
        Assert.Equal(arm, SystemCallTable.Numbers(SeccompArchitecture.Arm)[index]);
    }

    [Fact]
    public void The_calls_that_Tare_makes_have_the_numbers_of_the_table()
    {
        SeccompArchitecture own = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? SeccompArchitecture.Aarch64
            : SeccompArchitecture.X86_64;
        PropertyInfo[] calls = typeof(SystemCall).GetProperties(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(property => property.PropertyType == typeof(int)).ToArray();

        Assert.NotEmpty(calls);
        foreach (PropertyInfo call in calls)
        {
            int index = SystemCallTable.IndexOf(call.Name);
            Assert.True(index >= 0, call.Name);
            Assert.True(SystemCallTable.Numbers(own)[index] == (int)call.GetValue(null)!, call.Name);
        }
    }

    [Fact]
    public void Both_columns_of_the_calls_that_Tare_makes_are_those_of_the_table()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryFolder(), "src/Tare.Linux/Interop/SystemCall.cs"));
        var lines = System.Text.RegularExpressions.Regex.Matches(
            source, @"static int (\w+) => (?:IsArm64 \? (\d+) : )?(\d+);");

        Assert.True(lines.Count > 150);
        foreach (System.Text.RegularExpressions.Match line in lines)
        {
            int index = SystemCallTable.IndexOf(line.Groups[1].Value);
            string x86 = line.Groups[3].Value;
            string arm = line.Groups[2].Success ? line.Groups[2].Value : x86;
            Assert.Equal(
                $"{line.Groups[1].Value} {x86} {arm}",
                $"{line.Groups[1].Value} {SystemCallTable.Numbers(SeccompArchitecture.X86_64)[index]} "
                    + $"{SystemCallTable.Numbers(SeccompArchitecture.Aarch64)[index]}");
        }
    }

    private static string RepositoryFolder()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tare.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
