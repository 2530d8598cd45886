// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>Reads one value and adds it to what was read before.</summary>
/// <typeparam name="T">what the values are read into</typeparam>
/// <param name="tokens">stand at the value's first token and are left at its last</param>
/// <param name="before">what was read before</param>
internal delegate T ReadConfigurationValue<T>(ref ConfigurationTokens tokens, T before);
