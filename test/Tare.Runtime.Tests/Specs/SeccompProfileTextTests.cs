// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class SeccompProfileTextTests
{
    [Fact]
    public void Dockers_format_with_its_conditions_is_read()
    {
        SeccompProfile profile = SeccompProfileText.Parse(
            """
            {"defaultAction":"SCMP_ACT_ERRNO","archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]}],
             "syscalls":[
              {"names":["read","write"],"action":"SCMP_ACT_ALLOW","args":[],"comment":"","includes":{},"excludes":{}},
              {"name":"mount","action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"],"minKernel":"4.8"}},
              {"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"valueTwo":2,"op":"SCMP_CMP_MASKED_EQ"}],
               "excludes":{"arches":["s390x"]}}]}
            """);

        SeccompSpec spec = profile.Resolve("amd64", [], new Version(6, 1));

        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], spec.Architectures!);
        Assert.Equal(["read", "write"], spec.Syscalls![0].Names);
        Assert.Equal(2UL, spec.Syscalls[1].Args!.Single().ValueTwo);
        Assert.Equal(["mount"], spec.Syscalls[2].Names);
        Assert.Equal(SeccompAction.Errno, spec.Syscalls[2].Action);
        Assert.Contains(profile.Resolve("amd64", ["CAP_SYS_ADMIN"], new Version(6, 1)).Syscalls!, r => r.Names.Contains("mount") && r.Action == SeccompAction.Allow);
    }

    [Fact]
    public void The_runtime_specifications_format_is_read()
    {
        SeccompSpec spec = SeccompProfileText.Parse(
            """{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],"flags":["SECCOMP_FILTER_FLAG_LOG"],"syscalls":[{"names":["chmod"],"action":"SCMP_ACT_ERRNO","errnoRet":13}]}""")
            .Resolve("amd64", [], new Version(6, 1));

        Assert.Equal(["SCMP_ARCH_X86_64"], spec.Architectures!);
        Assert.Equal(["SECCOMP_FILTER_FLAG_LOG"], spec.Flags!);
        Assert.Equal(13u, spec.Syscalls!.Single().ErrnoRet);
        Assert.Empty(SeccompProfileText.Parse("""{"defaultAction":"SCMP_ACT_ALLOW"}""").Resolve("amd64", [], new Version(6, 1)).Syscalls!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("/etc/passwd")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_PERMIT\"}")]
    [InlineData("{\"defaultAction\":7}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultAction\":\"SCMP_ACT_ALLOW\"}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":4096}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":-1}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"a\"],\"archMap\":[{\"architecture\":\"a\"}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[null]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[{}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[null]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALLOW\"}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\"]}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[null],\"action\":\"SCMP_ACT_ALLOW\"}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\"],\"name\":\"b\",\"action\":\"SCMP_ACT_ALLOW\"}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[null]}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":6,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_ALMOST\"}]}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"new\"}}]}")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\",\"errnoRet\":5000}]}")]
    public void What_is_no_profile_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => SeccompProfileText.Parse(text)).Kind);

    [Fact]
    public void A_long_profile_is_refused() =>
        Assert.Equal(
            ErrorKind.ResourceExhausted,
            Assert.Throws<TareException>(() => SeccompProfileText.Parse(new string(' ', SeccompProfileText.MaxBytes + 1))).Kind);
}
