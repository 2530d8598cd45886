// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Tare.Server.Hosting;

/// <summary>TLS below HTTP.</summary>
/// <remarks>RFC 8446. Kestrel's own wants a container of services, which is otherwise not linked.</remarks>
internal static class TlsConnections
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Shakes hands and serves the connection; one that does not get that far is closed.</summary>
    /// <param name="connection">of TCP</param>
    /// <param name="next">serves what is inside</param>
    /// <param name="certificate">what to show</param>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, Func<SslStreamCertificateContext> certificate)
    {
        IDuplexPipe outside = connection.Transport;
        await using Stream from = outside.Input.AsStream(leaveOpen: true);
        await using Stream to = outside.Output.AsStream(leaveOpen: true);
        await using SslStream tls = new(new PipeStream(from, to));
        try
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
            patience.CancelAfter(Patience);
            SslServerAuthenticationOptions options = new()
            {
                ServerCertificateContext = certificate(),
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            };
            await tls.AuthenticateAsServerAsync(options, patience.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            // a scanner, an impatient client, one that does not trust us: nobody to answer to
            return;
        }

        connection.Features.Set<ITlsConnectionFeature>(new Proven());
        PipeReader input = PipeReader.Create(tls, new(leaveOpen: true));
        PipeWriter output = PipeWriter.Create(tls, new(leaveOpen: true));
        connection.Transport = new Inside(input, output);
        try
        {
            await next(connection);
        }
        finally
        {
            await input.CompleteAsync();
            await output.CompleteAsync();
            connection.Transport = outside;
        }
    }

    /// <summary>Marks the connection as one of TLS; clients show no certificates.</summary>
    private sealed class Proven : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult(ClientCertificate);
    }

    private sealed class Inside(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    /// <summary>Both directions of a connection as one stream; they are lent.</summary>
    private sealed class PipeStream(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
