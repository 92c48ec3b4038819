import Atomistics

/// The covalent radii that DFT-D3 counts coordination with: those of single bonds by Pyykkö and
/// Atsumi, a tenth less for metals. NEP takes 4/3 of them for how far its repulsion reaches.
///
/// Sources: Grimme et al., J. Chem. Phys. 132, 154104 (2010), doi 10.1063/1.3382344; Pyykkö & Atsumi,
/// Chem. Eur. J. 15, 186 (2009), doi 10.1002/chem.200800987.
enum DispersionRadius {
  /// 4/3 of the radius in Å; nil beyond plutonium.
  static func scaled(_ element: Element) -> Double? {
    let index = element.atomicNumber - 1
    guard hundredths.indices.contains(index) else { return nil }
    // With the six digits that NEP models were trained with.
    let radius = Double(hundredths[index]) * 4 / 300
    let digits = radius < 1 ? 1e6 : 1e5
    return (radius * digits).rounded() / digits
  }

  /// In hundredths of an ångström, from hydrogen on.
  private static let hundredths = [
    32, 46, 120, 94, 77, 75, 71, 63, 64, 67, 140, 125, 113, 104, 110, 102,
    99, 96, 176, 154, 133, 122, 121, 110, 107, 104, 100, 99, 101, 109, 112, 109,
    115, 110, 114, 117, 189, 167, 147, 139, 132, 124, 115, 113, 113, 108, 115, 123,
    128, 126, 126, 123, 132, 131, 209, 176, 162, 147, 158, 157, 156, 155, 151, 152,
    151, 150, 149, 149, 148, 153, 146, 137, 131, 123, 118, 116, 111, 112, 113, 132,
    130, 130, 136, 131, 138, 142, 201, 181, 167, 158, 152, 153, 154, 155,
  ]
}
