// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Server.Hosting;
using Tare.Server.Registry.Access.Tokens;

namespace Tare.Server.Registry.Access;

/// <summary>Everything that decides about callers, as the options want it.</summary>
internal sealed class AccessControl : IDisposable
{
    private readonly PublicKeys? _publicKeys;
    private readonly SemaphoreSlim _computing;

    private AccessControl(RegistryOptions options, SemaphoreSlim computing, TimeProvider time)
    {
        _computing = computing;
        Watched<AccessFiles> files = new(
            () => AccessFiles.Read(options.Passwords, options.Rights, computing, time), options.Passwords, options.Rights);
        Files = files;
        Challenge = new(options.Tokens);
        if (options.Tokens is not { } tokens)
        {
            Gate = new(files, options.AnonymousPull, null);
            return;
        }

        string issuer = tokens.Issuer ?? TokenOptions.DefaultService;
        if (tokens.PublicKeys is { } path)
        {
            _publicKeys = PublicKeys.Read(path);
            Gate = new(files, options.AnonymousPull, new(_publicKeys, issuer, tokens.Service, isOwn: false, time));
            return;
        }

        SecretKey key = tokens.Secret is { } secret ? SecretKey.Read(secret) : SecretKey.Random();
        TokenVerifier verifier = new(key, issuer, tokens.Service, isOwn: true, time);
        Gate = new(files, options.AnonymousPull, verifier);
        Tokens = new(Gate, key, verifier, issuer, tokens.Service, time);
    }

    public Gate Gate { get; }

    public Challenge Challenge { get; }

    /// <summary>Makes tokens; null when others do, or nobody.</summary>
    public TokenRequests? Tokens { get; }

    public Watched<AccessFiles> Files { get; }

    /// <exception cref="TareException">a file cannot be read or says something wrong</exception>
    public static AccessControl Read(RegistryOptions options, TimeProvider time) => new(
        options, new(Math.Max(1, Environment.ProcessorCount / 2)), time);

    public void Dispose()
    {
        _publicKeys?.Dispose();
        _computing.Dispose();
    }
}
