// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Build.Ssh;

namespace Tare.Build.Tests.Ssh;

public sealed class AgentProtocolTests : IDisposable
{
    private static readonly byte[] Failure = [5];

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RsaSshKey _key;

    public AgentProtocolTests() => _key = new RsaSshKey(_rsa);

    public void Dispose()
    {
        _key.Dispose();
        _rsa.Dispose();
    }

    [Theory]
    [InlineData(2u, "rsa-sha2-256", "SHA256")]
    [InlineData(4u, "rsa-sha2-512", "SHA512")]
    public void The_flags_choose_the_hash_of_a_signature(uint flags, string name, string hash)
    {
        byte[] answer = AgentProtocol.Answer([_key], Request(_key.PublicBlob, [1, 2, 3], flags));

        Assert.Equal(14, answer[0]);
        SshReader outer = new(answer.AsSpan(1));
        SshReader signature = new(outer.String());
        Assert.True(outer.IsAtEnd);
        Assert.Equal(name, System.Text.Encoding.ASCII.GetString(signature.String()));
        Assert.True(_rsa.VerifyData([1, 2, 3], signature.String(), new HashAlgorithmName(hash), RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(6u)]
    [InlineData(0x80000002u)]
    public void Other_flags_get_no_signature(uint flags) =>
        Assert.Equal(Failure, AgentProtocol.Answer([_key], Request(_key.PublicBlob, [1], flags)));

    [Fact]
    public void Another_key_signs_nothing() =>
        Assert.Equal(Failure, AgentProtocol.Answer([_key], Request([.. _key.PublicBlob, 0], [1], 2)));

    [Fact]
    public void All_else_fails()
    {
        for (int type = 0; type < 256; type++)
        {
            byte[] request = [(byte)type, 0, 0, 0, 0];

            Assert.Equal(Failure, AgentProtocol.Answer([_key], request));
            Assert.Equal(type == 13, AgentProtocol.IsAllowed(request));
        }

        Assert.True(AgentProtocol.IsAllowed([11]));
        Assert.False(AgentProtocol.IsAllowed([11, 0]));
        Assert.Equal(Failure, AgentProtocol.Answer([_key], []));
    }

    [Fact]
    public void A_broken_request_fails()
    {
        byte[] whole = Request(_key.PublicBlob, [1, 2, 3], 2);
        for (int length = 1; length < whole.Length; length++)
        {
            Assert.Equal(Failure, AgentProtocol.Answer([_key], whole.AsSpan(0, length)));
        }

        Assert.Equal(Failure, AgentProtocol.Answer([_key], [.. whole, 0]));
        Assert.Equal(Failure, AgentProtocol.Answer([_key], [13, 0xFF, 0xFF, 0xFF, 0xFF, 1]));
    }

    private static byte[] Request(byte[] blob, byte[] data, uint flags) =>
        new SshWriter().Byte(13).String(blob).String(data).UInt32(flags).ToArray();
}
