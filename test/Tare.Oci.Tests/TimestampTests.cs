// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public sealed class TimestampTests
{
    [Theory]
    [InlineData("2023-05-11T01:23:45Z", "2023-05-11T01:23:45Z")]
    [InlineData("2023-05-11T01:23:45.123456789Z", "2023-05-11T01:23:45.1234567Z")]
    [InlineData("2023-05-11T01:23:45.5+02:00", "2023-05-10T23:23:45.5Z")]
    [InlineData("2023-05-11T01:23:45.123456789+02:00", "2023-05-10T23:23:45.1234567Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    public void Times_of_others_are_read_and_ours_are_UTC(string text, string expected) =>
        Assert.Equal(expected, Timestamp.Format(Timestamp.Parse(text)!.Value));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2023-05-11")]
    [InlineData("2023-05-11 01:23:45Z")]
    [InlineData("2023-13-11T01:23:45Z")]
    [InlineData("2023-05-11T01:23:45.12345678901234567890Z")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("99999-12-31T23:59:59Z")]
    [InlineData("2023-05-11T01:23:45.1234567891234567891")]
    public void Anything_else_is_no_time(string? text) => Assert.Null(Timestamp.Parse(text));
}
