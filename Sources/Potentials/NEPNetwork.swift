import Atomistics

/// The networks of one hidden layer that turn a descriptor into an atom's energy.
///
///     U = Σ_μ w1_μ tanh(Σ_d w0_μd s_d q_d − b0_μ) − b1
///
/// with the scale factors s folded into w0 as the file is read.
struct NEPNetwork: Sendable {
  let inputs: Int
  let neurons: Int
  let bias: Double
  private let stride: Int
  private let perNetwork: Int
  private let networkCount: Int
  private let table: FlatTable

  /// From the numbers of a nep.txt file as they stand, and the scale factors.
  init(_ header: NEPHeader, numbers: UnsafePointer<Double>, scale: UnsafePointer<Double>) {
    let (inputs, neurons) = (header.descriptorCount, header.neurons)
    let stride = padded(inputs)
    let perNetwork = neurons * (stride + 2)
    self.inputs = inputs
    self.neurons = neurons
    self.stride = stride
    self.perNetwork = perNetwork
    networkCount = header.networkCount
    table = FlatTable(count: header.networkCount * perNetwork) { table in
      for network in 0..<header.networkCount {
        let from = numbers + network * neurons * (inputs + 2)
        let to = table + network * perNetwork
        for neuron in 0..<neurons {
          for d in 0..<inputs {
            to[neuron * stride + d] = from[neuron * inputs + d] * scale[d]
          }
        }
        for k in 0..<(2 * neurons) { to[neurons * stride + k] = from[neurons * inputs + k] }
      }
    }
    bias = numbers[header.networkParameters - 1]
  }

  /// The numbers of a species' network: w0 with the scale factors in it, a row of inputs per
  /// neuron, b0 and w1.
  func weights(
    species: Int
  ) -> (w0: (_ neuron: Int, _ input: Int) -> Double, b0: [Double], w1: [Double]) {
    let base = table.base + (networkCount == 1 ? 0 : species) * perNetwork
    let b0 = base + neurons * stride
    return (
      { base[$0 * stride + $1] }, (0..<neurons).map { b0[$0] },
      (0..<neurons).map { b0[neurons + $0] }
    )
  }

  /// The outputs h_μ of the hidden layer for a descriptor of `padded(inputs)` numbers.
  func activations(
    species: Int, _ q: UnsafePointer<Double>, into hidden: UnsafeMutablePointer<Double>
  ) {
    let w0 = table.base + (networkCount == 1 ? 0 : species) * perNetwork
    for neuron in 0..<neurons {
      let row = w0 + neuron * stride
      var sum = 0.0
      for d in 0..<inputs { sum += row[d] * q[d] }
      hidden[neuron] = hyperbolicTangent(sum - w0[neurons * stride + neuron])
    }
  }

  /// U of an atom; fills `slopes` with dU/dq. Both buffers have `padded(inputs)` numbers, zero
  /// past the last input.
  @inline(__always)
  func evaluate(
    species: Int, _ q: UnsafePointer<Double>, slopes: UnsafeMutablePointer<Double>
  ) -> Double {
    let w0 = table.base + (networkCount == 1 ? 0 : species) * perNetwork
    let b0 = w0 + neurons * stride
    let w1 = b0 + neurons
    for d in 0..<stride { slopes[d] = 0 }
    var energy = 0.0
    for neuron in 0..<neurons {
      let row = w0 + neuron * stride
      var sum = SIMD4<Double>.zero
      var d = 0
      while d < stride {
        sum += load4(row + d) * load4(q + d)
        d += 4
      }
      let activation = hyperbolicTangent((sum[0] + sum[1]) + (sum[2] + sum[3]) - b0[neuron])
      energy += w1[neuron] * activation
      let weight = SIMD4<Double>(repeating: w1[neuron] * (1 - activation * activation))
      d = 0
      while d < stride {
        store4(load4(slopes + d) + weight * load4(row + d), slopes + d)
        d += 4
      }
    }
    return energy - bias
  }
}
