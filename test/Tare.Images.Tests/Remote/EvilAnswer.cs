// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Images.Tests.Remote;

/// <summary>What the evil registry sends: any code, headers and length, and a body that may have nothing to do with them.</summary>
internal sealed record EvilAnswer(int Code, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>Null: the body's; negative: none is said.</summary>
    public long? Length { get; init; }

    /// <summary>Takes the place of sending the body.</summary>
    public Action<Stream>? Send { get; init; }

    public static EvilAnswer Of(int code, params (string Name, string Value)[] headers) => new(code, [], headers);

    public static EvilAnswer Text(string text, params (string Name, string Value)[] headers) => new(200, Encoding.UTF8.GetBytes(text), headers);

    public void WriteTo(Stream stream, bool hasBody)
    {
        var head = new StringBuilder($"HTTP/1.1 {Code} X\r\nConnection: close\r\n");
        foreach ((string name, string value) in Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }
        if ((Length ?? Body.Length) is >= 0 and var length)
        {
            head.Append("Content-Length: ").Append(length).Append("\r\n");
        }
        stream.Write(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        if (hasBody)
        {
            (Send ?? (s => s.Write(Body)))(stream);
        }
    }
}
