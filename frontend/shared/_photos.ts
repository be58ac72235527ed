// Photos shrink in the page, before anything leaves the device: at most 2,048 pixels, without place or camera data.
const LONGEST = 2048;

export async function shrink(file: File): Promise<File> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // what the page cannot read, the server checks and refuses with a sentence
  }
}

export async function shrinkAll(input: HTMLInputElement): Promise<void> {
  const files = await Promise.all([...(input.files ?? [])].slice(0, 4).map(shrink));
  const carried = new DataTransfer();
  files.forEach((file) => carried.items.add(file));
  input.files = carried.files;
}
